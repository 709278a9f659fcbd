/** Photos that are to go with a finding, each with a small picture of it. */

import { useEffect, useRef } from 'react';
import { formatBytes } from '../../reading/number.ts';

const TYPES = 'image/jpeg,image/png,image/webp';
/** Pixels of the longer side. */
const PREVIEW = 120;

interface PhotoPickProps {
  readonly photos: readonly File[];
  readonly onChange: (photos: readonly File[]) => void;
}

export function PhotoPick({ photos, onChange }: PhotoPickProps) {
  return (
    <div className="photo-pick">
      <label>
        Photos
        <input
          type="file"
          accept={TYPES}
          multiple
          onChange={({ target }) => {
            onChange([...photos, ...(target.files ?? [])]);
            target.value = '';
          }}
        />
      </label>
      {photos.length > 0 && (
        <ul>
          {photos.map((photo, place) => (
            <li key={`${photo.name} ${photo.size} ${photo.lastModified}`}>
              <Preview photo={photo} />
              <span className="label-note">
                {photo.name}, {formatBytes(photo.size)}
              </span>
              <button type="button" onClick={() => onChange(photos.filter((_, at) => at !== place))}>
                Leave out<span className="visually-hidden"> {photo.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Painted rather than linked: the page may show no picture that does not come from the server. */
function Preview({ photo }: { readonly photo: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const area = canvas.current;
    if (!area) return;
    let isGone = false;
    const draw = (image: ImageBitmap) => {
      if (isGone) return;
      const scale = PREVIEW / Math.max(image.width, image.height);
      area.width = Math.max(1, image.width * scale);
      area.height = Math.max(1, image.height * scale);
      area.getContext('2d')?.drawImage(image, 0, 0, area.width, area.height);
    };
    // What is no picture stays empty here, and is refused with its reason by the server.
    createImageBitmap(photo).then(draw, () => undefined);
    return () => {
      isGone = true;
    };
  }, [photo]);
  return <canvas ref={canvas} width={PREVIEW} height={PREVIEW} role="img" aria-label={`Preview of ${photo.name}`} />;
}
