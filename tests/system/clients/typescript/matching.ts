import createClient from "openapi-fetch";

import { connection } from "./connection.js";
import type { paths } from "./generated/matching.js";

const client = createClient<paths>(connection);
const { data, error } = await client.GET("/v1/members/{id}/introductions", { params: { path: { id: "m1" } } });
if (error) throw new Error(error.detail);
const ids: string[] = data.items.map((introduction) => introduction.id);
console.log(JSON.stringify([ids, data.next]));
