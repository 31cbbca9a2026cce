"""The program on Pulumi's mocks: python -m unittest."""

import unittest

import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return [f"{args.name}-id", {**args.inputs, "connectorId": 42}]

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks())
pulumi.runtime.set_all_config({"project:scoringKey": "a key"})

import connectors  # noqa: E402 - the mocks come first


class ConnectorTest(unittest.TestCase):
    @pulumi.runtime.test
    def test_scoring_calls_the_scoring_api(self):
        def check(values):
            url, connector_id, headers = values
            self.assertEqual(url, "https://api.example.com/v1/score")
            self.assertEqual(connector_id, 42)
            self.assertEqual(headers["Authorization"], "a key")

        scoring = connectors.scoring
        return pulumi.Output.all(scoring.url, scoring.connector_id, scoring.headers).apply(check)


if __name__ == "__main__":
    unittest.main()
