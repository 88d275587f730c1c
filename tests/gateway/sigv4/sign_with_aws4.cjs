// Signs with aws4 (npm; Debian: node-aws4). Reads a JSON list of requests, writes what is sent.
const aws4 = require('aws4')

let text = ''
process.stdin.on('data', chunk => { text += chunk })
process.stdin.on('end', () => {
  const { version, requests, credentials } = JSON.parse(text)
  if (version) {
    process.stdout.write(require('aws4/package.json').version)
    return
  }
  const signed = requests.map(request => {
    const made = aws4.sign({ service: 'execute-api', region: 'us-east-1', ...request }, credentials)
    return { method: made.method, target: made.path, headers: made.headers, body: request.body || '' }
  })
  process.stdout.write(JSON.stringify(signed))
})
