import type { World } from '../base/world.ts'

type Place = Pick<World, 'env' | 'platform'>

/**
 * Whether a window can be opened where the user sees it. On Linux a display says so, one forwarded by `ssh -X` too; on macOS and
 * Windows there always is one, but who came by ssh does not see it.
 */
export function hasDisplay({ env, platform }: Place): boolean {
  if (platform === 'darwin' || platform === 'win32') return !(env.SSH_CONNECTION || env.SSH_TTY)
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Why there is none, as the end of a sentence. */
export function lackOfDisplay({ platform }: Place): string {
  return platform === 'darwin' || platform === 'win32'
    ? 'this is a session by ssh, whose windows nobody sees'
    : 'there is no display (DISPLAY and WAYLAND_DISPLAY are empty)'
}
