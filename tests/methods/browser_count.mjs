// Count elections with the code of the proof page: JSON in, JSON out.
import { Count } from "../../site/assets/js/budgets/proof/counting.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const counted = [];
for (const { options, votes } of JSON.parse(Buffer.concat(chunks).toString("utf8"))) {
  const count = new Count(options, votes);
  const [winners, digest] = [await count.winners(), await count.digest()];
  counted.push({ winners, digest, votes: count.votes() });
}
process.stdout.write(JSON.stringify(counted));
