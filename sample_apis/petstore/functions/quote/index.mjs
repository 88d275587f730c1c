// What a pet costs: a Lambda function behind `GET /quote`.
const prices = { dog: 120.5, cat: 80, parrot: 240 };

export const handler = async (event) => {
  const species = event.queryStringParameters?.species ?? "dog";
  console.log(`a price for a ${species}`);
  const price = prices[species];
  return price === undefined
    ? { statusCode: 404, body: JSON.stringify({ error: `we have no ${species}` }) }
    : { statusCode: 200, body: JSON.stringify({ species, price, currency: "EUR" }) };
};
