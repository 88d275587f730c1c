// A picture of a receipt, as base64; without ?paper it forgets that a body is text.
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const handler = async (event) => {
  console.log("receipt of", event.pathParameters.id);
  if (event.queryStringParameters?.paper === undefined) {
    return { statusCode: 200, body: { printed: false } };
  }
  return {
    statusCode: 200,
    headers: { "Content-Type": "image/png" },
    body: PIXEL,
    isBase64Encoded: true,
  };
};
