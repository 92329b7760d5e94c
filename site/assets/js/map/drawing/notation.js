// How positions are written and read: the same notations as the server's (maps/drawing/notations.py).

const NUMBER = "[+-]?\\d{1,12}(?:[.,]\\d{1,20})?";
const PAIR = new RegExp(`^(${NUMBER})\\s*°?\\s*[;,/\\s]\\s*(${NUMBER})\\s*°?$`);
const LONE = /^[+-]?\d{1,3},\d{4,}$/; // "43,6045" is half of a position
const PART = "\\d{1,3}(?:[.,]\\d{1,20})?";
const ANGLE = `([+-]?)(${PART})\\s*°?\\s*(?:(${PART})\\s*'\\s*)?(?:(${PART})\\s*"\\s*)?`;
const LETTER_LAST = new RegExp(`^${ANGLE}([NSEWO]?)\\s*[;,/]?\\s*${ANGLE}([NSEWO]?)$`, "i");
const LETTER_FIRST = new RegExp(`^([NSEWO])\\s*${ANGLE}\\s*[;,/]?\\s*([NSEWO])\\s*${ANGLE}$`, "i");
const SIGNS = { "−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": "'", "′": "'", "”": '"', "″": '"', º: "°" };

/** The position that a text writes, `{lat, lng}` in degrees; null when it writes none on Earth. */
export function readPosition(text) {
  const plain = text
    .replace(/[−–\u00a0\u202f’′”″º]/g, (sign) => SIGNS[sign])
    .replaceAll("''", '"')
    .trim()
    .replace(/^[()[\];,\s]+|[()[\];,\s]+$/g, "");
  if (LONE.test(plain)) return null;
  const pair = PAIR.exec(plain);
  const found = pair ? [number(pair[1]), number(pair[2])] : readAngles(plain);
  if (!found || Math.abs(found[0]) > 90 || Math.abs(found[1]) > 180) return null;
  return { lat: round(found[0]), lng: round(found[1]) };
}

export function writePosition({ lat, lng }) {
  return `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
}

export const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

function readAngles(plain) {
  let match = LETTER_LAST.exec(plain);
  let angles;
  let letters;
  if (match) {
    angles = [match.slice(1, 5), match.slice(6, 10)];
    letters = [match[5], match[10]];
  } else {
    match = LETTER_FIRST.exec(plain);
    if (!match) return null;
    angles = [match.slice(2, 6), match.slice(7, 11)];
    letters = [match[1], match[6]];
  }
  letters = letters.map((letter) => letter.toUpperCase());
  if (!letters.some(Boolean) && !/[°'"]/.test(plain)) return null;
  const northSouth = letters.map((letter) => letter === "N" || letter === "S");
  if (letters.every(Boolean) && northSouth[0] === northSouth[1]) return null;
  const values = angles.map((angle, place) => degrees(angle, letters[place]));
  if (values.some(Number.isNaN)) return null;
  return (letters[0] && !northSouth[0]) || northSouth[1] ? values.reverse() : values;
}

function degrees([sign, whole, minutes = "0", seconds = "0"], letter) {
  if (number(minutes) >= 60 || number(seconds) >= 60) return NaN;
  const value = number(whole) + number(minutes) / 60 + number(seconds) / 3600;
  return sign === "-" || "SWO".includes(letter || "-") ? -value : value;
}

const number = (text) => Number(text.replace(",", "."));
