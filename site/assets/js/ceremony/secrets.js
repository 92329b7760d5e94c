// The secrets of a board of three and its sealed key, as services/vote/ceremony.py writes and
// reads them. Only public parts come out of `sealedKey`.
import { makeKeyPair, publicKeyOf, randomCode, sealTo } from "../sealing.js";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK = `${LETTERS}*~$=U`;
const LENGTH = 26; // letters of five bits, before the check character
const BYTES = 17; // 130 bits
const GROUPS = /^(.{4})(.{5})(.{4})(.{5})(.{4})(.{5})$/;
const PAIRS = [[1, 2], [1, 3], [2, 3]];

const ascii = (text) => new TextEncoder().encode(text);
export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const numberOf = (letters) =>
  Array.from(letters).reduce((sum, letter) => sum * 32n + BigInt(LETTERS.indexOf(letter)), 0n);

// A new secret in groups, as it is printed.
export function newSecret() {
  const letters = randomCode(LENGTH, LETTERS);
  const check = CHECK[Number(numberOf(letters) % 37n)];
  return `${letters}${check}`.replace(GROUPS, "$1-$2-$3-$4-$5-$6");
}

// What was typed without its case, blanks and dashes: O is 0, I and L are 1.
export function plain(text) {
  return text.toUpperCase().replace(/[\s–—-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

// The public key (32 bytes) of the member who holds a secret.
export async function memberPublicKey(secret) {
  let number = numberOf(plain(secret).slice(0, LENGTH));
  const material = new Uint8Array(BYTES);
  for (let place = BYTES - 1; place >= 0; place -= 1, number >>= 8n) {
    material[place] = Number(number & 255n);
  }
  const key = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: ascii("parvis-board-v1") },
    key,
    256,
  );
  return publicKeyOf(new Uint8Array(bits));
}

// A key pair of the votes, with the fingerprint that the sheets carry. `seal` gives what
// board.json holds, once, and forgets the private half.
export async function votesKey() {
  const { privateKey, publicKey } = await makeKeyPair();
  const fingerprint = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey)));

  async function seal(members) {
    const share = (rank, message) =>
      sealTo(members[rank - 1].publicKey, message, "parvis-share-v1");
    const seals = [];
    for (const [first, second] of PAIRS) {
      const sealed = await share(first, await share(second, privateKey));
      seals.push({ first, sealed: hex(sealed), second });
    }
    privateKey.fill(0);
    return {
      fingerprint,
      members: members.map(({ name, email, publicKey: key }) => ({
        email,
        name,
        public_key: hex(key),
      })),
      public_key: hex(publicKey),
      seals,
      v: "parvis-board-v1",
    };
  }

  return { fingerprint, seal };
}
