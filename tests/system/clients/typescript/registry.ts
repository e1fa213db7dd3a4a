import createClient from "openapi-fetch";

import { connection } from "./connection.js";
import type { paths } from "./generated/registry.js";

const client = createClient<paths>(connection);
const { data, error } = await client.POST("/v1/districts", {
  body: { id: "marble", name: { it: "Marmo", en: "Marble" }, theme: { it: "Pietre", en: "Stones" } },
});
if (error) throw new Error(error.detail);
const version: number = data.version;
console.log(JSON.stringify([data.id, data.name.en, version]));
