@node "%~dp0pulumi-resource-supermetrics" %*
