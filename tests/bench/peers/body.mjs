// The job that everybody delivers: about 200 bytes, with its own id and due time for the sink.
export const jobBody = (id, due) => ({
	bench_id: id,
	due_ms: due,
	order: { id: 12345, items: [{ sku: 'A-1', n: 2 }, { sku: 'B-2', n: 1 }], total: 99.5 },
	note: 'please ship before noon, ring twice',
});
