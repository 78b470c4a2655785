export { productionAccount, sandboxRoles } from './cloud.ts'
export { playDemo } from './demo.ts'
export { type Repository, type Sandbox, startSandbox } from './sandbox.ts'
export { runDemo, type SandboxContext, serveSandbox } from './serve.ts'
