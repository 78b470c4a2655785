import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** The git directories whose configuration this is: itself, and those of its linked worktrees. */
export function viewsOf(gitDir: string): string[] {
  const worktrees = path.join(gitDir, 'worktrees')
  const views = existsSync(worktrees) ? readdirSync(worktrees).map((name) => path.join(worktrees, name)) : []
  return [gitDir, ...views.filter((view) => existsSync(path.join(view, 'HEAD')))]
}
