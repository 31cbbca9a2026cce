"use strict";

const pulumi = require("@pulumi/pulumi");

/** A definition with its credential marked secret, so that every kind of resource stores and encrypts the same. */
module.exports = ({ headers, secrets, ...rest }) => ({
  ...rest,
  ...(headers && { headers: { ...headers, Authorization: pulumi.secret(headers.Authorization) } }),
  ...(secrets && {
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]),
    ),
  }),
});
