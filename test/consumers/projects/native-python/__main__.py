import pulumi
import pulumi_databar as databar
import pulumi_supermetrics as supermetrics

config = pulumi.Config()

scoring = databar.Connector(
    "scoring",
    name="Scoring",
    method=databar.Method.GET,
    url="https://api.example.com/v1/score",
    headers={
        "Accept": "application/json",
        "Authorization": pulumi.Output.concat("Bearer ", config.require_secret("scoringKey")),
    },
    parameters={"tag": ["a", "b"]},
    rate_limit=60,
)

awin = supermetrics.Connector(
    "awin",
    name="Awin",
    description="Clicks and commissions per publisher.",
    secrets={"api_key": config.require_secret("awinKey")},
)

regions = databar.Fleet(
    "regions",
    connectors={
        "north": databar.DefinitionArgs(
            name="North",
            method=databar.Method.GET,
            url="https://north.example.com",
            parameters={"tag": ["a", "b"]},
        ),
    },
)

pulumi.export("scoringId", scoring.connector_id)
pulumi.export("awinIdentifier", awin.connector_identifier)
