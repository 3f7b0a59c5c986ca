// fill.mjs PEER reset | left
// fill.mjs PEER jobs COUNT FIRST_DUE_MS STEP_MS: creates jobs by the peer's bulk call, 1,000 a call, 2 calls at a
// time; prints {"rows_s"}. Job i is due at FIRST_DUE_MS + i * STEP_MS.
import { jobBody } from './body.mjs';
import { peers } from './peers.mjs';

const [name, verb, count, first, step] = process.argv.slice(2);
const CALL = 1000, AT_ONCE = 2;

async function fill() {
	const producer = await peers[name].producer();
	const began = performance.now();
	let next = 0;
	const lane = async () => {
		while (next < +count) {
			const from = next, size = Math.min(CALL, +count - from);
			next += size;
			const dues = Array.from({ length: size }, (_, i) => +first + (from + i) * +step);
			await producer.many(dues.map((due, i) => jobBody(`j${from + i}`, due)), dues);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
	const rows_s = Math.round(+count / (performance.now() - began) * 1e3);
	await producer.close();
	return { rows_s };
}

const result = verb === 'reset' ? { ok: !await peers[name].reset() } : verb === 'left' ? { left: await peers[name].left() } : await fill();
console.log(JSON.stringify(result));
process.exit(0);
