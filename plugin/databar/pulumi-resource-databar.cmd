@node "%~dp0pulumi-resource-databar" %*
