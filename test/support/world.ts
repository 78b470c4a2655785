import { awsfedPaths } from '../../src/base/paths.ts'
import { createRedactor } from '../../src/base/redact.ts'
import type { World } from '../../src/base/world.ts'
import { scrubbedEnvironment } from './programs.ts'

/** A world whose home is `home`, with nothing of this machine but PATH in its environment; it says and traces nothing. */
export function testWorld(home: string, twin: Partial<World> = {}): World {
  const env = scrubbedEnvironment(home)
  return {
    env,
    platform: process.platform,
    home,
    paths: awsfedPaths(twin.env ?? env, process.platform, home),
    now: () => new Date(),
    redactor: createRedactor(),
    say: () => {},
    trace: () => {},
    ...twin,
  }
}
