// Which of Amazon's two clients is meant: Lambda has one of its own for Node.js 24 and what comes
// after it. The function's runtime decides, not the `node` that is here.
const declared = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? "");

export const newer = Number(declared?.[1] ?? process.versions.node.split(".")[0]) >= 24;
