// Runs before each request: what is private is not there, and a folder is its index.html.
function handler(event) {
    var request = event.request;
    var path;
    try {
        path = decodeURIComponent(request.uri).replace(/\/+/g, "/");
    } catch (error) {
        return { statusCode: 400, statusDescription: "Bad Request" };
    }
    if (/^\/(raw|runs)(\/|$)|^\/[^/]+\/candidate(\/|$)|\/\.\.?(\/|$)/.test(path)) {
        return { statusCode: 404, statusDescription: "Not Found" };
    }
    if (path.endsWith("/")) {
        request.uri = request.uri + "index.html";
    }
    return request;
}
