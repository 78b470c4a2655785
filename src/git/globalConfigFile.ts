import { existsSync } from 'node:fs'
import path from 'node:path'
import type { World } from '../base/world.ts'

/**
 * The file that `git config --global` writes: GIT_CONFIG_GLOBAL (git 2.32), else ~/.gitconfig, else the one in
 * $XDG_CONFIG_HOME/git where only that is there (git-config(1), FILES).
 */
export function globalConfigFile({ env, platform, home }: Pick<World, 'env' | 'platform' | 'home'>): string {
  if (env.GIT_CONFIG_GLOBAL) return path.resolve(env.GIT_CONFIG_GLOBAL)
  // Git for Windows takes HOME first, as everywhere; os.homedir() there is USERPROFILE.
  const gitHome = (platform === 'win32' && env.HOME) || home
  const own = path.join(gitHome, '.gitconfig')
  const xdg = path.join(env.XDG_CONFIG_HOME || path.join(gitHome, '.config'), 'git', 'config')
  return !existsSync(own) && existsSync(xdg) ? xdg : own
}
