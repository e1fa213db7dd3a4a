import createClient from "openapi-fetch";

import { connection } from "./connection.js";
import type { paths } from "./generated/notifications.js";

const client = createClient<paths>(connection);
const { data, error } = await client.GET("/v1/statistics");
if (error) throw new Error(error.detail);
const queued: number = data.queued;
console.log(JSON.stringify([data.messages, queued]));
