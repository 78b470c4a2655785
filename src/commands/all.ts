import type { CommandClass } from 'clipanion'
import type { Context } from './context.ts'
import { CredentialsCommand } from './credentials.ts'
import { EnvCommand } from './env.ts'
import { ExecCommand } from './exec.ts'
import { HelpCommand, OverviewCommand } from './help.ts'
import { LoginCommand } from './login.ts'
import { LogoutCommand } from './logout.ts'
import { MigrateCommand } from './migrate.ts'
import { PortalCheckCommand } from './portalCheck.ts'
import { PortalRecordCommand } from './portalRecord.ts'
import { RolesCommand } from './roles.ts'
import { SandboxCommand } from './sandbox.ts'
import { SetupGitCommand } from './setupGit.ts'
import { StatusCommand } from './status.ts'
import { VersionCommand } from './version.ts'

/** Every command, in the order of the help. */
export const commands: readonly CommandClass<Context>[] = [
  LoginCommand,
  LogoutCommand,
  StatusCommand,
  RolesCommand,
  CredentialsCommand,
  EnvCommand,
  ExecCommand,
  MigrateCommand,
  PortalCheckCommand,
  PortalRecordCommand,
  SetupGitCommand,
  SandboxCommand,
  OverviewCommand,
  HelpCommand,
  VersionCommand,
]
