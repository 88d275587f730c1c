// What no other route takes: says what can be sent. The route has a response, so the body is a frame.
const ACTIONS = ["join", "send", "ping", "shout"];

export const handler = async (event) => {
  console.log("no route for", event.body);
  let reason = "no such action";
  try {
    const message = JSON.parse(event.body);
    if (message?.action === undefined) reason = "a message needs an action";
  } catch {
    reason = "a message is JSON";
  }
  return { statusCode: 200, body: JSON.stringify({ reason, actions: ACTIONS }) };
};
