/**
 * Deploys programs that declare connectors to the sandbox, for tests: `pulumi-connectors/testing`.
 */
export { deployToSandbox, type SandboxDeployment, type SandboxDeployOptions } from "./deploy";
export { SandboxDeploymentError, type SandboxFailure } from "./deployment-error";
export { type SandboxResource } from "./registrar";
