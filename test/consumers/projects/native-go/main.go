package main

import (
	"example.com/pulumi-databar/sdk/go/databar"
	"example.com/pulumi-supermetrics/sdk/go/supermetrics"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		tags := pulumi.Map{"tag": pulumi.StringArray{pulumi.String("a"), pulumi.String("b")}}

		scoring, err := databar.NewConnector(ctx, "scoring", &databar.ConnectorArgs{
			Name:   pulumi.String("Scoring"),
			Method: databar.MethodGet,
			Url:    pulumi.String("https://api.example.com/v1/score"),
			Headers: pulumi.Map{
				"Accept":        pulumi.String("application/json"),
				"Authorization": pulumi.Sprintf("Bearer %s", settings.RequireSecret("scoringKey")),
			},
			Parameters: tags,
			RateLimit:  pulumi.Int(60),
		})
		if err != nil {
			return err
		}

		awin, err := supermetrics.NewConnector(ctx, "awin", &supermetrics.ConnectorArgs{
			Name:        pulumi.String("Awin"),
			Description: pulumi.String("Clicks and commissions per publisher."),
			Secrets:     pulumi.StringMap{"api_key": settings.RequireSecret("awinKey")},
		})
		if err != nil {
			return err
		}

		_, err = databar.NewFleet(ctx, "regions", &databar.FleetArgs{
			Connectors: databar.DefinitionMap{
				"north": databar.DefinitionArgs{
					Name:       pulumi.String("North"),
					Method:     databar.MethodGet,
					Url:        pulumi.String("https://north.example.com"),
					Parameters: tags,
				},
			},
		})
		if err != nil {
			return err
		}

		ctx.Export("scoringId", scoring.ConnectorId)
		ctx.Export("awinIdentifier", awin.ConnectorIdentifier)
		return nil
	})
}
