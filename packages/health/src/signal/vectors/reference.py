# Writes reference.json: see README.md.
import json
from pathlib import Path

import numpy as np
import scipy.signal
import scipy.stats

RATE_HZ = 2048.0
LOW_HZ, HIGH_HZ = 200.0, 700.0


def wave(n):
    t = np.arange(n) / RATE_HZ
    tones = 1.5 * np.sin(2 * np.pi * 37.3 * t) + 0.2 * np.sin(2 * np.pi * 611.7 * t + 0.3) ** 3
    sweep = 0.4 * np.sin(2 * np.pi * (100 * t + 300 * t * t))
    return np.round(tones + sweep + 0.05, 6)


def envelope(x):
    hz = np.fft.fftfreq(len(x), 1 / RATE_HZ)
    return np.abs(np.fft.ifft(np.where((hz >= LOW_HZ) & (hz <= HIGH_HZ), 2 * np.fft.fft(x), 0)))


def case(n):
    x = wave(n)
    rms = float(np.sqrt((x**2).mean()))
    peak = float(np.abs(x).max())
    return {
        "samples": x.tolist(),
        "real": np.fft.fft(x).real[:40].tolist(),
        "imaginary": np.fft.fft(x).imag[:40].tolist(),
        "shape": {
            "mean": x.mean(),
            "rms": rms,
            "peak": peak,
            "peakToPeak": float(np.ptp(x)),
            "crest": peak / rms,
            "skewness": float(scipy.stats.skew(x)),
            "kurtosis": float(scipy.stats.kurtosis(x, fisher=False)),
        },
        "welch": scipy.signal.welch(x, RATE_HZ, window="hann", nperseg=256, detrend="constant")[1].tolist(),
        "periodogram": scipy.signal.periodogram(x, RATE_HZ, window="hann", detrend="constant")[1][:60].tolist(),
        "envelope": envelope(x)[:60].tolist(),
    }


here = Path(__file__).parent
text = json.dumps({"rateHz": RATE_HZ, "lowHz": LOW_HZ, "highHz": HIGH_HZ, "cases": [case(n) for n in (600, 512, 997)]})
(here / "reference.json").write_text(text + "\n")
