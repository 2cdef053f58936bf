// The official JavaScript client at the same tasks: see __main__.py beside this file.
import { createRequire } from "node:module";

const ROWS = "a1b2c3d4-0000-4000-8000-000000000001";
const FEW_ROWS = "a1b2c3d4-0000-4000-8000-000000000002";
const PAGE = "a1b2c3d4-0000-4000-8000-000000000003";

const require = createRequire(import.meta.url);
const { Client, iteratePaginatedAPI } = require("@notionhq/client");
const task = JSON.parse(process.argv[2]);
const notion = new Client({
  auth: "ntn_test_benchmark",
  baseUrl: task.base_url,
  notionVersion: "2026-03-11",
});

async function eachRow(id, use) {
  const listing = { data_source_id: id, page_size: 100 };
  for await (const row of iteratePaginatedAPI(notion.dataSources.query, listing)) use(row);
}

async function pages(requests) {
  let turn = 0;
  let id;
  const work = async () => {
    while (turn++ < requests) id = (await notion.pages.retrieve({ page_id: PAGE })).id;
  };
  await Promise.all(Array.from({ length: task.in_flight }, work));
}

function three(row) {
  const { Name, Status, Points } = row.properties;
  return [Name.title.map((run) => run.plain_text).join(""), Status.status.name, Points.number];
}

const kept = [];
const reads = { untouched: () => {}, three };
const read = task.keep ? (row) => kept.push(row) : reads[task.read ?? "untouched"];
const [warm, work] =
  task.work === "pages"
    ? [() => pages(2 * task.in_flight), () => pages(task.requests)]
    : [() => eachRow(FEW_ROWS, read), () => eachRow(ROWS, read)];

await warm();
const memory = process.memoryUsage.rss();
const wall = performance.now();
const cpu = process.cpuUsage();
await work();
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    cpu: (used.user + used.system) / 1e6,
    wall: (performance.now() - wall) / 1e3,
    memory: process.memoryUsage.rss() - memory,
  }),
);
process.exit(0);
