import createClient from "openapi-fetch";

import { connection } from "./connection.js";
import type { paths } from "./generated/events.js";

const client = createClient<paths>(connection);
const { data, error } = await client.GET("/v1/brokerage-events", { params: { query: { limit: 10 } } });
if (error) throw new Error(error.detail);
const titles: string[] = data.items.map((event) => event.title.en);
console.log(JSON.stringify([titles, data.next]));
