"use strict";

const pulumi = require("@pulumi/pulumi");

/**
 * Makes the credential of a definition secret, so that all kinds of resources encrypt the same
 * values.
 */
module.exports = ({ headers, secrets, ...rest }) => ({
  ...rest,
  ...(headers && { headers: { ...headers, Authorization: pulumi.secret(headers.Authorization) } }),
  ...(secrets && {
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]),
    ),
  }),
});
