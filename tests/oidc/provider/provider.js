// A real OpenID provider for the tests: oidc-provider, with a page at which anybody is whom they say, by the methods they say.
import fs from "node:fs";
import http from "node:http";

import Provider from "oidc-provider";

const { issuer, port, clients, jwks } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const provider = new Provider(issuer, {
  clients,
  jwks,
  cookies: { keys: ["only a test"] },
  features: { devInteractions: { enabled: false } },
  acrValues: ["urn:two"],
  pkce: { required: () => true },
  claims: { acr: null, auth_time: null, iss: null, openid: ["sub", "amr"], sid: null },
  conformIdTokenClaims: false,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();

http
  .createServer((request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith("/interaction/")) return answer(request, response);
    const login = { accountId: url.searchParams.get("as"), remember: false };
    if (url.searchParams.has("amr")) login.amr = url.searchParams.get("amr").split(" ");
    if (url.searchParams.has("acr")) login.acr = url.searchParams.get("acr");
    return provider.interactionFinished(request, response, { login });
  })
  .listen(port, "127.0.0.1", () => console.log("listening"));
