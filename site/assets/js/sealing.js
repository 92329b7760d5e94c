// Seal in the browser what only the holders of a key may read: HPKE (RFC 9180) base mode with
// X25519, HKDF-SHA256 and AES-256-GCM, over the browser's own WebCrypto. Ballots and the key
// ceremony use the same few functions; the server opens what they make.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
// What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410).
const PKCS8 = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32];

const suite = () =>
  new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });

// Bytes as base64 for addresses, without padding.
export function base64url(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64url(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

// Whether this browser can seal: older ones have no X25519, and pages without TLS no WebCrypto.
export async function canSeal() {
  try {
    await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

// `length` signs drawn evenly from an alphabet whose size is a power of two: base32 unless told.
export function randomCode(length, alphabet = BASE32) {
  const drawn = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(drawn, (byte) => alphabet[byte % alphabet.length]).join("");
}

// A new X25519 pair, each half as 32 bytes.
export async function makeKeyPair() {
  const privateKey = crypto.getRandomValues(new Uint8Array(32));
  return { privateKey, publicKey: await publicKeyOf(privateKey) };
}

// The public half (32 bytes) of a private key of 32 bytes.
export async function publicKeyOf(privateKey) {
  const pkcs8 = Uint8Array.from([...PKCS8, ...privateKey]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", true, ["deriveBits"]);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  return fromBase64url(x);
}

// Bytes sealed to a public key of 32 bytes: the encapsulated key, then the ciphertext and its tag.
export async function sealTo(publicKey, message, info) {
  const hpke = suite();
  const { enc, ct } = await hpke.seal(
    {
      recipientPublicKey: await hpke.kem.deserializePublicKey(publicKey),
      info: new TextEncoder().encode(info),
    },
    message,
  );
  return Uint8Array.from([...new Uint8Array(enc), ...new Uint8Array(ct)]);
}

// A sealed ballot and the code that its voter alone knows. `choices` are keys of projects, best
// first when `ranked`; `points` go with them, or null. Every envelope of a poll is equally long.
export async function sealBallot({ publicKey, pollId, paddedLength, choices, points, ranked }) {
  const order = choices.map((_, place) => place);
  if (!ranked) order.sort((a, b) => choices[a] - choices[b]);
  const ballotCode = randomCode(24);
  const text = JSON.stringify({
    c: order.map((place) => choices[place]),
    e: pollId,
    p: points ? order.map((place) => points[place]) : null,
    r: ballotCode,
  });
  if (text.length > paddedLength) throw new RangeError("the ballot is longer than its envelope");
  const sealed = await sealTo(
    publicKey,
    new TextEncoder().encode(text.padEnd(paddedLength)),
    `parvis-ballot-v1|${pollId}`,
  );
  return { envelope: base64url(sealed), ballotCode };
}
