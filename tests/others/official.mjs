// Calls every endpoint of the official client once, in an order in which each finds what it needs,
// and prints for each its name and what went wrong.  Argument: JSON with baseUrl, token, client
// (the module's path), home (a page), agent, oauth {id, secret, code, redirect}.
import { createRequire } from "node:module";

const given = JSON.parse(process.argv[2]);
const { Client } = createRequire(import.meta.url)(given.client);
const notion = new Client({
  auth: given.token,
  baseUrl: given.baseUrl,
  notionVersion: given.version,
  retry: false,
  logger: () => {},
});
const text = (content) => [{ text: { content } }];
const paragraph = (content) => ({ paragraph: { rich_text: text(content) } });
const at = {};

const calls = {
  "users.me": () => notion.users.me({}),
  "users.list": () => notion.users.list({}),
  "users.retrieve": () => notion.users.retrieve({ user_id: at["users.me"].id }),
  "pages.create": () =>
    notion.pages.create({
      parent: { page_id: given.home },
      properties: { title: { title: text("A page") } },
      children: [paragraph("first")],
    }),
  "pages.retrieve": () => notion.pages.retrieve({ page_id: at["pages.create"].id }),
  "pages.update": () =>
    notion.pages.update({ page_id: at["pages.create"].id, icon: { emoji: "🌿" } }),
  "pages.properties.retrieve": () =>
    notion.pages.properties.retrieve({ page_id: at["pages.create"].id, property_id: "title" }),
  "pages.retrieveMarkdown": () =>
    notion.pages.retrieveMarkdown({ page_id: at["pages.create"].id }),
  "pages.updateMarkdown": () =>
    notion.pages.updateMarkdown({
      page_id: at["pages.create"].id,
      type: "replace_content",
      replace_content: { new_str: "# Anew\n\nA *text*." },
    }),
  "blocks.children.append": () =>
    notion.blocks.children.append({
      block_id: at["pages.create"].id,
      children: [paragraph("second"), paragraph("third")],
    }),
  "blocks.children.list": () =>
    notion.blocks.children.list({ block_id: at["pages.create"].id }),
  "blocks.retrieve": () =>
    notion.blocks.retrieve({ block_id: at["blocks.children.append"].results[0].id }),
  "blocks.update": () =>
    notion.blocks.update({ block_id: at["blocks.retrieve"].id, ...paragraph("changed") }),
  "blocks.delete": () => notion.blocks.delete({ block_id: at["blocks.retrieve"].id }),
  "databases.create": () =>
    notion.databases.create({
      parent: { type: "page_id", page_id: given.home },
      title: text("Tasks"),
      initial_data_source: { properties: { Name: { title: {} }, Done: { checkbox: {} } } },
    }),
  "databases.retrieve": () =>
    notion.databases.retrieve({ database_id: at["databases.create"].id }),
  "databases.update": () =>
    notion.databases.update({ database_id: at["databases.create"].id, title: text("To do") }),
  "dataSources.create": () =>
    notion.dataSources.create({
      parent: { type: "database_id", database_id: at["databases.create"].id },
      title: text("Others"),
      properties: { Name: { title: {} } },
    }),
  "dataSources.retrieve": () => notion.dataSources.retrieve({ data_source_id: source() }),
  "dataSources.update": () =>
    notion.dataSources.update({
      data_source_id: source(),
      properties: { Count: { number: { format: "number" } } },
    }),
  "dataSources.query": () =>
    notion.dataSources.query({
      data_source_id: source(),
      filter: { property: "Done", checkbox: { equals: false } },
      sorts: [{ property: "Name", direction: "ascending" }],
    }),
  "dataSources.listTemplates": () =>
    notion.dataSources.listTemplates({ data_source_id: source() }),
  "pages.move": () =>
    notion.pages.move({
      page_id: at["pages.create"].id,
      parent: { type: "data_source_id", data_source_id: source() },
    }),
  "views.create": () =>
    notion.views.create({
      database_id: at["databases.create"].id,
      data_source_id: source(),
      name: "All",
      type: "table",
    }),
  "views.list": () => notion.views.list({ database_id: at["databases.create"].id }),
  "views.retrieve": () => notion.views.retrieve({ view_id: at["views.create"].id }),
  "views.update": () => notion.views.update({ view_id: at["views.create"].id, name: "Each" }),
  "views.queries.create": () =>
    notion.views.queries.create({ view_id: at["views.create"].id }),
  "views.queries.results": () => notion.views.queries.results(query()),
  "views.queries.delete": () => notion.views.queries.delete(query()),
  "views.delete": () => notion.views.delete({ view_id: at["views.create"].id }),
  "comments.create": () =>
    notion.comments.create({ parent: { page_id: given.home }, rich_text: text("Well") }),
  "comments.list": () => notion.comments.list({ block_id: given.home }),
  "comments.retrieve": () =>
    notion.comments.retrieve({ comment_id: at["comments.create"].id }),
  "comments.update": () =>
    notion.comments.update({ comment_id: at["comments.create"].id, rich_text: text("Good") }),
  "comments.delete": () => notion.comments.delete({ comment_id: at["comments.create"].id }),
  "fileUploads.create": () =>
    notion.fileUploads.create({ mode: "multi_part", filename: "a.mp3", number_of_parts: 1 }),
  "fileUploads.send": () =>
    notion.fileUploads.send({
      file_upload_id: at["fileUploads.create"].id,
      part_number: "1",
      file: { filename: "a.mp3", data: new Blob(["sound"], { type: "audio/mpeg" }) },
    }),
  "fileUploads.complete": () =>
    notion.fileUploads.complete({ file_upload_id: at["fileUploads.create"].id }),
  "fileUploads.retrieve": () =>
    notion.fileUploads.retrieve({ file_upload_id: at["fileUploads.create"].id }),
  "fileUploads.list": () => notion.fileUploads.list({}),
  "customEmojis.list": () => notion.customEmojis.list({}),
  search: () => notion.search({ query: "page" }),
  "blocks.meetingNotes.create": () =>
    notion.blocks.meetingNotes.create({
      source: { type: "file_upload", file_upload_id: at["fileUploads.create"].id },
      parent: { type: "page_id", page_id: given.home },
    }),
  "blocks.meetingNotes.query": () => notion.blocks.meetingNotes.query({}),
  "agents.query": () => notion.agents.query({}),
  "agents.retrieve": () => notion.agents.retrieve({ agent_id: given.agent }),
  "agents.retrieveInsights": () =>
    notion.agents.retrieveInsights({ agent_id: given.agent }),
  "agents.updateCreditLimit": () =>
    notion.agents.updateCreditLimit({ agent_id: given.agent, credit_limit: null }),
  "agents.updateStatus": () =>
    notion.agents.updateStatus({ agent_id: given.agent, status: "active" }),
  "sessions.update": () =>
    notion.sessions.update({ agent_id: given.agent, message: "Good morning" }),
  "sessions.stream": async () => {
    const events = [];
    const sent = { agent_id: given.agent, message: "Good evening" };
    for await (const event of await notion.sessions.stream(sent)) events.push(event);
    return { events };
  },
  "sessions.query": () => notion.sessions.query({}),
  "sessions.retrieve": () => notion.sessions.retrieve({ session_id: session() }),
  "sessions.queryEvents": () => notion.sessions.queryEvents({ session_id: session() }),
  "sessions.cancel": () => notion.sessions.cancel({ session_id: session() }),
  "agents.batch": () =>
    notion.agents.batch({
      operations: [
        { action: "update_status", agent_id: given.agent, fields: { status: "active" } },
      ],
    }),
  "asyncTasks.retrieve": () =>
    notion.asyncTasks.retrieve({ task_id: at["agents.batch"].id }),
  "agents.delete": () => notion.agents.delete({ agent_id: given.agent }),
  "oauth.token": () =>
    notion.oauth.token({
      client_id: given.oauth.id,
      client_secret: given.oauth.secret,
      grant_type: "authorization_code",
      code: given.oauth.code,
      redirect_uri: given.oauth.redirect,
    }),
  "oauth.introspect": () => notion.oauth.introspect({ ...app(), token: token() }),
  "oauth.revoke": () => notion.oauth.revoke({ ...app(), token: token() }),
};

const source = () => at["databases.create"].data_sources[0].id;
const query = () => ({
  view_id: at["views.create"].id,
  query_id: at["views.queries.create"].id,
});
const session = () => at["sessions.update"].id;
const app = () => ({ client_id: given.oauth.id, client_secret: given.oauth.secret });
const token = () => at["oauth.token"].access_token;

const outcomes = {};
for (const [name, call] of Object.entries(calls)) {
  try {
    at[name] = await call();
    outcomes[name] = null;
  } catch (error) {
    outcomes[name] = `${error.code ?? error.name}: ${error.message}`;
  }
}

const offered = [];
const gather = (object, path) => {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "function") offered.push(path + name);
    else if (value && typeof value === "object") gather(value, `${path}${name}.`);
  }
};
for (const [name, value] of Object.entries(notion)) {
  // Resources are plain objects of functions; what is private is something else.
  if (value && Object.getPrototypeOf(value) === Object.prototype) gather(value, `${name}.`);
}
console.log(JSON.stringify({ offered: [...offered, "search"], outcomes }));
