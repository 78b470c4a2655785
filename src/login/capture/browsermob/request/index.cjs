'use strict'

// browsermob-proxy-client sends its requests by the packages request and request-promise-native, which are deprecated. They
// have no time limit, and send what is for loopback to the proxy that HTTP_PROXY names. The overrides of package.json put this
// in their place: the one call that the client makes.

const http = require('node:http')

/** A daemon on this machine says something within moments; its first proxy takes two seconds where all cores are busy. */
const patience = 15_000
/** An assertion has megabytes at most, and the HAR a few times that. */
const longest = 256 * 1024 * 1024

/**
 * Sends `body` as JSON.
 * @param {{ method: string, uri: string, body: unknown }} options `uri` is a http one
 * @returns {Promise<unknown>} the answer's JSON, or its text where it is none. Rejects with an Error that has the
 * `statusCode` and the `answer` where that is not 2xx, with the system's or http's own error where there is no answer
 */
module.exports = function request({ method, uri, body }) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), accept: 'application/json' }
    const outgoing = http.request(uri, { method, headers, agent: false, timeout: patience }, (incoming) => {
      /** @type {Buffer[]} */
      const chunks = []
      let length = 0
      incoming.on('data', (/** @type {Buffer} */ chunk) => {
        length += chunk.length
        if (length > longest) incoming.destroy(new Error('the answer is too long'))
        else chunks.push(chunk)
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode = 0 } = incoming
        const answer = Buffer.concat(chunks).toString('utf8')
        if (statusCode >= 200 && statusCode < 300) resolve(parsed(answer))
        else reject(Object.assign(new Error(`HTTP ${statusCode}`), { statusCode, answer }))
      })
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')))
    outgoing.on('error', reject)
    // A proxy has gone within milliseconds of its DELETE, and the answer comes two seconds later (Netty's quiet period):
    // no process stays for it.
    if (method === 'DELETE') outgoing.on('socket', (socket) => socket.unref())
    outgoing.end(text)
  })
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
