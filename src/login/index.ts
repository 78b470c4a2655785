// The login as programs load it, by import() when they need it: dist/login.js. Nothing heavy is loaded before it is used.
export { ensureSession, rolesOffered } from './ensureSession.ts'
export { gitAllowsAsking } from './gitAsking.ts'
export type { LoginRequest } from './request.ts'
export { lineOf, type Report, type Status } from './status.ts'
