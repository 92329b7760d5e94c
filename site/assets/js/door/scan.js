// QR codes by the camera, or in a picture: the browser reads them where it can, else a library.
import decodeQR from "qr/decode.js";

const EVERY = 180; // milliseconds between two looks
const LARGEST = 1200; // pixels: enough for a code that fills a third of the picture
const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });

async function nativeReader() {
  if (!("BarcodeDetector" in self)) return null;
  const formats = await self.BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code") ? new self.BarcodeDetector({ formats: ["qr_code"] }) : null;
}

const reader = nativeReader().catch(() => null);

async function read(source, width, height) {
  const native = await reader;
  if (native) {
    const found = await native.detect(source).catch(() => []);
    if (found.length) return found[0].rawValue;
  }
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return null; // no code here
  }
}

/** The text of the code in a picture, or null. */
export async function readPicture(file) {
  const picture = await createImageBitmap(file);
  return read(picture, picture.width, picture.height);
}

/**
 * Show the camera in `video` and call `found(text)` for each code; resolves to what stops it, rejects
 * without a camera. `lost()` when the camera goes by itself: unplugged, taken by a call, forbidden.
 */
export async function watch(video, { found, lost }) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  let last = "";
  let lastAt = 0;
  let over = false;
  const stop = () => {
    over = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
  };
  const look = async () => {
    if (over) return;
    if (video.videoWidth) {
      const text = await read(video, video.videoWidth, video.videoHeight).catch(() => null);
      if (over) return; // stopped while it was read
      // The same ticket stays a while before the camera: it is told once.
      if (text && (text !== last || Date.now() - lastAt > 5000)) found(text);
      if (text) [last, lastAt] = [text, Date.now()];
    }
    setTimeout(look, EVERY);
  };
  for (const track of stream.getTracks()) {
    track.addEventListener("ended", () => {
      stop();
      lost();
    });
  }
  try {
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    if (over) throw new Error("The camera went while it started.");
  } catch (error) {
    stop(); // no light stays on
    throw error;
  }
  look();
  return stop;
}
