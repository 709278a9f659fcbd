"""What every peer has in common: its settings, one JSON line that says it is ready, and one for each command."""

import json
import sys
import traceback


def settings():
    """The peer's only argument, a JSON object."""
    return json.loads(sys.argv[1])


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def serve(ready, commands):
    """Says `ready`, then answers `{"do": name, ...}` by calling `commands[name]`, until the test closes standard input."""
    say({"ready": ready})
    for line in sys.stdin:
        command = json.loads(line)
        try:
            say({"answer": commands[command.pop("do")](**command)})
        except Exception:
            say({"error": traceback.format_exc()})
