// Makes tests/data/standardwebhooks.tsv with npm standardwebhooks 1.1.1, the reference implementation of Standard Webhooks.
// Usage: cd /tmp/x && npm install standardwebhooks@1.1.1 && cp .../standardwebhooks.mjs . && node standardwebhooks.mjs > standardwebhooks.tsv
// Each row was signed by it, and where two secrets were in force, its verify() took the header with either.
import { Webhook } from 'standardwebhooks';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const version = JSON.parse(readFileSync('node_modules/standardwebhooks/package.json')).version;
let state = Number(process.env.SEED ?? 20300101);
function bytes(n) { // a hash chain: the same on every machine
	let out = Buffer.alloc(0);
	while (out.length < n)
		out = Buffer.concat([out, createHash('sha256').update(`${state++}`).digest()]);
	return out.subarray(0, n);
}
const number = n => bytes(4).readUInt32LE() % n;

const PREFIX = 'whsec_';
const coded = n => PREFIX + bytes(n).toString('base64');
const plain = n => [...bytes(n)].map(b => String.fromCharCode(0x21 + b % 94)).join('');
// 16 .. 128 bytes; around HMAC's block of 64, beyond which the key is hashed; every padding of base64; a secret that is text,
// also one that begins like base64 and is none.
const secrets = [coded(16), coded(17), coded(18), coded(24), coded(32), coded(63), coded(64), coded(65), coded(127), coded(128),
	PREFIX + Buffer.alloc(32).toString('base64'), PREFIX + Buffer.alloc(32, 0xff).toString('base64'),
	plain(16), plain(64), plain(65), plain(128), 'whsec_ is not base64 here', 'sixteen letters!', 'gr\u00fc\u00dfe aus K\u00f6ln \u{1f511}'];

const bodies = ['', '{}', 'null', '{"test": 2432232314}', ' {"spaces" :  [ 1,2 ] }\n', '{"big":9007199254740993,"small":1.10}',
	'{"text":"h\u00e9llo w\u00f6rld \u4f60\u597d \u{1f680}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"}', '{"escaped":"\\u0000\\ud83d\\ude80\\n"}',
	'{"dots":"a.b..c"}', '"\u2028\ufeff\u00ad"', `{"long":"${'x'.repeat(3000)}"}`, '\u00e9'.repeat(700)];
const ids = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 'run_06dk2v5m9qe8t3g0s4hxwz7brc', 'task_06dk2v5m9qe8t3g0s4hxwz7brc', 'a'];

const hook = secret => secret.startsWith(PREFIX) && secret !== 'whsec_ is not base64 here'
	? new Webhook(secret) : new Webhook(new Uint8Array(Buffer.from(secret)), { format: 'raw' });

function check(secret, id, at, body, header) {
	const now = Date.now;
	const parse = JSON.parse;
	Date.now = () => at * 1000;
	JSON.parse = text => text; // bodies need not be JSON
	try {
		hook(secret).verify(body, { 'webhook-id': id, 'webhook-timestamp': `${at}`, 'webhook-signature': header });
	} finally {
		Date.now = now;
		JSON.parse = parse;
	}
}

function row(secret, former, body) {
	const id = ids[number(ids.length)], at = 1 + number(2 ** 32 - 2);
	const used = former ? [secret, former] : [secret];
	const header = used.map(s => hook(s).sign(id, new Date(at * 1000), body)).join(' ');
	for (const s of used)
		check(s, id, at, body, header);
	console.log([secret, former ?? '-', id, at, Buffer.from(body).toString('hex') || '-', header].join('\t'));
}

console.log(`# npm standardwebhooks ${version}, node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
console.log('# secret, the former one that is valid too or -, id, timestamp, body in hex or -, webhook-signature');
for (const secret of secrets)
	for (const body of bodies)
		row(secret, number(3) ? null : secrets[number(secrets.length)], body);
