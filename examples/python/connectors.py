import pulumi
import pulumi_databar as databar

config = pulumi.Config()

scoring = databar.Connector(
    "scoring",
    name="My Scoring API",
    method=databar.Method.POST,
    url="https://api.example.com/v1/score",
    headers={
        "Authorization": config.require_secret("scoringKey"),
        "Accept": ["application/json", "text/plain"],
    },
    body={"domain": ""},
    rate_limit=60,
)
