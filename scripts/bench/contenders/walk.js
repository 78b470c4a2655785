// A tree by the barest means: the folders that awsfed reads too, and nothing done with what is in them.
import { readdirSync } from 'node:fs'

const ahead = [process.argv[2] ?? '.']
for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') ahead.push(`${folder}/${entry.name}`)
  }
}
