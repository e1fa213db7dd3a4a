import createClient from "openapi-fetch";

import { connection } from "./connection.js";
import type { paths } from "./generated/matching.js";

const client = createClient<paths>(connection);
const { data, error } = await client.GET("/v1/members/{id}/introductions", { params: { path: { id: "m1" } } });
if (error) throw new Error(error.detail);
const next: string | null = data.next;
console.log(JSON.stringify([data.items, next]));
