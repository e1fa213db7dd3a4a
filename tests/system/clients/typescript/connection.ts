/** Where the service runs, and the token to send it. */
function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export const connection = {
  baseUrl: variable("BASE_URL"),
  headers: { Authorization: `Bearer ${variable("TOKEN")}` },
};
