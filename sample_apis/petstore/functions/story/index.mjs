// A story, a word at a time: a Lambda function that streams, behind `GET /story`.
const words = "Once there was a parrot who read the bill before it was sent.".split(" ");

export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const head = { statusCode: 200, headers: { "Content-Type": "text/plain; charset=utf-8" } };
  const body = awslambda.HttpResponseStream.from(stream, head);
  for (const word of words) {
    body.write(`${word} `);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(`${words.length} words`);
  body.end("\n");
});
