// Makes tests/data/expr_cel.tsv with npm @bufbuild/cel, an implementation of CEL independent of ours. Usage, in a
// directory where `npm install @bufbuild/cel@0.6.1` was run:
//   cp TREE/tests/data/make/expr_cel.mjs . && node expr_cel.mjs > TREE/tests/data/expr_cel.tsv
// Columns: expression; data (the members are the names); its answer: true, false or error; ours, where the rules of
// include/expr/expr.h differ on purpose, or "="; why. The table of differences below was made by hand.
import { readFileSync } from 'node:fs';
import { run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';

// JSON by our rule: a number without fraction and exponent that fits 64 bits is an int.
function read(text) {
	let i = 0;
	const blank = () => { while (' \n\t\r'.includes(text[i]) && i < text.length) i++; };
	function list(close, one) {
		const out = [];
		i++;
		for (blank(); text[i] !== close; blank()) {
			if (text[i] === ',') i++;
			out.push(one());
		}
		i++;
		return out;
	}
	function value() {
		blank();
		if (text[i] === '[') return list(']', value);
		if (text[i] === '{')
			return new Map(list('}', () => { const k = value(); blank(); i++; return [k, value()]; }));
		const m = /^("(?:[^"\\]|\\.)*"|[^\s,\]}:]+)/.exec(text.slice(i))[0];
		i += m.length;
		if (/^-?\d+$/.test(m) && BigInt.asIntN(64, BigInt(m)) === BigInt(m)) return BigInt(m);
		return JSON.parse(m);
	}
	return value();
}

function ask(expression, data) {
	try {
		const got = run(expression, Object.fromEntries(read(data)), { funcs: strings });
		return got instanceof Error || got?.constructor?.name === 'CelError' ? { error: got } : { value: got };
	} catch (e) {
		return { error: e };
	}
}

const rows = [], other = {};
function row(expression, data = '{}') {
	const got = ask(expression, data);
	rows.push([expression, data, typeof got.value === 'boolean' ? String(got.value) : 'error']);
}

// Pairs of values under every operator, written out and as data. What is not a boolean is compared with the answer.
const values = ['1', '-7', '2.5', '0', '9223372036854775807', '"a"', '"ab"', '""', 'true', 'false', 'null', '[1, 2]', '[]',
	'{"a": 1}'];
const show = (v) => typeof v === 'bigint' ? String(v) : typeof v === 'number' ? (Number.isInteger(v) ? v.toFixed(1) : String(v))
	: typeof v === 'string' ? JSON.stringify(v) : null;
let n = 0;
// An int and a double together: an error there, a double here.
const does = { '+': (x, y) => x + y, '-': (x, y) => x - y, '*': (x, y) => x * y, '/': (x, y) => x / y };
function mixed(text, data, [x, op, y]) {
	const ours = does[op](x, y);
	const said = Number.isFinite(ours) ? `${text} == ${Number.isInteger(ours) ? ours.toFixed(1) : ours}` : `${text} == 0.0`;
	row(said, data);
	if (Number.isFinite(ours)) other[said + data] = ['true', 'an int and a double make a double'];
}
for (const op of ['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'in', '&&', '||'])
	for (const a of values)
		for (const b of values) {
			if (++n % 3 && op !== '==' && op !== '<' && op !== '/') continue;
			const is_data = n % 2 === 0 || op === '==' || op === '!='; // written out, unlike types are a fault
			const text = is_data ? `a ${op} b` : `${a} ${op} ${b}`;
			const data = is_data ? `{"a": ${a}, "b": ${b}}` : '{}';
			const got = ask(text, data).value;
			const shown = typeof got === 'boolean' ? null : show(got);
			const x = read(a), y = read(b);
			const is_mixed = typeof x !== typeof y && [x, y].every((v) => ['bigint', 'number'].includes(typeof v));
			if (is_mixed && '+-*/'.includes(op)) mixed(text, data, [Number(x), op, Number(y)]);
			else if (typeof got === 'number' && !Number.isFinite(got)) rows.push([`${text} == 0`, data, 'inf']);
			else row(shown === null ? text : `${text} == ${shown}`, data);
		}

const texts = ['hello world', 'h\\u00e9llo', '', 'A\\nb', '\\ud83d\\ude00x', 'foo.bar@example.com', '  x  ', '2024-01-31'];
const claims = ['s.contains("o w")', 's.contains("")', 's.startsWith("h")', 's.endsWith("x")', 'size(s) > 3', 's.size() == 2',
	's.matches("^h.l+o")', 's.matches("[0-9]{4}-[0-9]{2}")', 's.matches("^[a-z.]+@[a-z]+\\\\.com$")', 's.matches("(?i)a\\\\sB")',
	's.lowerAscii() == s', 's.upperAscii() == s', 's.trim() == s', 's < "h"', 's + "!" == "hello world!"', 's in ["", "  x  "]',
	's.matches("^$")', 's.matches("\\\\bworld\\\\b")', 's.matches("x|é|b$")', 'string(s) == s', 'type(s) == string'];
for (const t of texts)
	for (const c of claims)
		row(c, `{"s": "${t}"}`);

const order = '{"id": 7, "total": 19.5, "paid": true, "note": null, "tags": ["new", "vip"], "to": {"city": "Bern", "zip": 3011},'
	+ ' "items": [{"sku": "a-1", "price": 4.5, "n": 2}, {"sku": "b-2", "price": 10.5, "n": 1, "gift": true}]}';
for (const c of ['total > 19', 'total >= 19.5 && paid', 'id == 7 && id != 8', 'note == null', '!paid || total < 1.0', 'has(to.city)',
	'has(to.street)', 'has(to.street) && to.street == "x"', 'to.street == "x"', 'to.street == "x" || true', 'false && to.street == "x"',
	'to.street == "x" && false', '"vip" in tags', '"old" in tags', '"city" in to', '"street" in to', 'size(tags) == 2', 'tags.size() > 2',
	'tags[0] == "new"', 'tags[2] == "x"', 'tags[-1] == "x"', 'to["zip"] == 3011', 'to["none"] == 1', 'items.exists(i, i.price > 10.0)',
	'items.all(i, i.price > 10.0)', 'items.exists_one(i, i.n == 1)', 'items.exists(i, i.gift)', 'items.all(i, has(i.gift))',
	'items.all(i, i.gift)', 'items.exists_one(i, i.gift)', 'items.all(i, i.sku.matches("^[a-z]-[0-9]$"))', 'to.all(k, k.size() > 2)',
	'to.exists(k, to[k] == 3011)', 'items[0].price + items[1].price == 15.0', 'items[0].n * 2 == 4', 'total / 2.0 > 9.7', 'id % 4 == 3',
	'id / 2 == 3', '-id == -7', '-id / 2 == -3', '-id % 4 == -3', 'paid ? total > 1.0 : missing', 'paid ? missing : true', 'missing', 'missing || paid',
	'paid || missing', 'missing && paid', '!missing', 'items == items', 'to == {"zip": 3011, "city": "Bern"}', 'to == {"zip": 3011}',
	'tags == ["new", "vip"]', 'tags == ["vip", "new"]', 'type(id) == int', 'type(total) == double', 'type(note) == null_type',
	'type(tags) == list', 'type(to) == map', 'type(paid) == bool', 'int("12") == 12', 'int("1.5") == 1', 'int(total) == 19', 'int(-1.9) == -1',
	'double("1.5") == 1.5', 'double(id) == 7.0', 'string(id) == "7"', 'string(total) == "19.5"', 'string(true) == "true"', 'bool("true")',
	'bool("maybe")', 'int(9.3e18) == 1', 'id + 9223372036854775807 > 0', '-9223372036854775808 - id < 0', '9223372036854775807 * id > 0',
	'-(-9223372036854775808) > 0', '"a" + "b" == "ab"', '"\\u00e9" == "\\x e9"', '"\\303\\251" == "\u00c3\u00a9"', 'r"\\n".size() == 2',
	'"\\n".size() == 1', "'''a\"b'''.size() == 3", '"\\U0001F600".size() == 1', '1 < 2 && 2 < 3 || false', 'true || false && false',
	'(true || false) && false', '!true || true', '1 + 2 * 3 == 7', '(1 + 2) * 3 == 9', '2 - 1 - 1 == 0', '8 / 4 / 2 == 1', '1 < 2 == true',
	'false ? true : false ? false : true', '[1, 2, 3].exists(x, x > 2)', '[].exists(x, x > 2)', '[].all(x, x > 2)', '[].exists_one(x, x > 2)',
	'[1, 2, 3].all(x, x / 0 > 1 || x > 0)', '[1, 0].exists(x, 1 / x == 1)', '[0, 1].exists(x, 1 / x == 1)', '[0, 1].all(x, 1 / x == 1)',
	'[0, 2].all(x, 1 / x == 1)', '[1, 0].exists_one(x, 1 / x == 1)', '[[1], [2]].exists(l, l.exists(x, x == 2))', '{"a": 1, "b": 2}.exists(k, k == "b")',
	'{1: "x", 2: "y"}[2] == "y"', '{1: "x"}[3] == "y"', '{true: 1}[true] == 1', '1 in {1: 2}', '2 in [1, 3]', '1.0 in [1]', '[1] == [1.0]',
	'{"a": 1} == {"a": 1.0}', '1 == 1.0', '1 < 1.5', '2.5 > 2', '9007199254740993 == 9007199254740992.0', '9007199254740993 > 9007199254740992.0',
	'"1" == 1', 'null == false', '[] == {}', '[1, "a"] == [1, 2]', 'true < false', 'false < true', '"a" < "B"', '"\u00e9" > "z"', '0x1F == 31', '1e3 == 1000.0', '.5 == 0.5',
	'// only a comment', 'true // comment', 'id.foo == 1', 'has(id.foo)', 'has(note.x)', 'tags.foo == 1', 'size(id) == 1', 'paid && id', 'id && false',
	'false && id', 'id || true', 'paid.size() == 1', '"a".contains(1)', 'tags.contains("a")', 'id["x"] == 1', 'tags["x"] == 1', 'to[1] == 1', 'tags[1.0] == "vip"', 'tags[0.5] == "vip"',
	'1 in id', 'items.exists(i, i)', 'id.all(x, true)', 'has(to.city.x)', '"abc".matches("b")', '"abc".matches("^b")', 'matches("abc", "a.c")', 'id in [7, 8] ? paid : !paid'])
	row(c.replace('\\x e9', '\\xe9'), order);

// Where we differ on purpose (include/expr/expr.h), by hand.
const is_fault = (text) => { other[text] = ['error', 'literals of the wrong type are a fault when it is compiled']; };
['false && 2.5', '-7 || true', '9223372036854775807 || true', '"" || true', 'true || 1', 'true || "ab"', 'true || []', 'null || true',
	'{"a": 1} || true', '"1" == 1', '[] == {}'].forEach(is_fault);
Object.assign(other, {
	'a in b{"a": null, "b": {"a": 1}}': ['false', 'any value may be asked for among keys'],
	'a in b{"a": {"a": 1}, "b": {"a": 1}}': ['false', 'any value may be asked for among keys'],
	'9007199254740993 > 9007199254740992.0': ['true', 'by exact value, as the language definition has it'],
	'true // comment': ['true', 'the end of the text ends a comment'],
	'has(id.foo)': ['error', 'not a map: the language definition says error'],
	'has(note.x)': ['error', 'not a map: the language definition says error'],
	'has(to.city.x)': ['error', 'not a map: the language definition says error'],
	'matches("abc", "a.c")': ['true', 'matches also as a function, as in cel-go'],
});
function differs([text, data, theirs]) {
	if (theirs === 'inf') return ['error', 'a double divided by zero is an error'];
	return other[text + data] ?? other[text] ?? ['=', ''];
}
const version = JSON.parse(readFileSync(new URL('node_modules/@bufbuild/cel/package.json', import.meta.url))).version;
console.log(`# npm @bufbuild/cel ${version} with its strings extension, node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
console.log('# expression, data, its answer, ours where it differs on purpose or =, why (tests/data/make/expr_cel.mjs)');
for (const r of rows)
	console.log([...r, ...differs(r)].join('\t'));
