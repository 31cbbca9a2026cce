/** For tests of programs that declare connectors: `pulumi-connectors/testing`. No program needs to load it. */
export { deployToSandbox, type SandboxDeployment, type SandboxDeployOptions } from "./deploy";
export { SandboxDeploymentError, type SandboxFailure } from "./deployment-error";
export { type SandboxResource } from "./registrar";
