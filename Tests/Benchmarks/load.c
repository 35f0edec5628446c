// Many peers that write at once, each waiting for its answer, while each listens: one thread, so that the load is small
// beside the server it measures. Compiled by mesh.py.
//
// usage: load PORT PATH WRITERS EACH SECONDS STREAMS < PEERS
// PEERS: a line `ID TOKEN` each. The first WRITERS of them write to the next one: EACH messages, or, where EACH is 0, for
// SECONDS. With STREAMS 1 each peer has its stream of events open, and the end is when everything has arrived, or SECONDS are
// over.
// Prints `NAME VALUE` lines: seconds and counts; percentiles in seconds.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PEERS = 1000, MOST_OF_ONE = 100000 };

/// What came over a connection and was not read yet.
struct input {
    int fd;
    size_t length, capacity;
    char *bytes;
};

struct peer {
    char id[80], token[80];
    struct input answers, events;
    int sent;
    double *began;
    unsigned char *came;
};

/// Figures, to be sorted.
struct figures {
    size_t count, capacity;
    double *values;
};

static struct peer peers[MOST_PEERS];
static int count, writers, port, each, hasStreams;
static const char *path;
static double limit;
static struct figures answers, arrivals;
static long acknowledged, doubled;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void add(struct figures *figures, double value) {
    if (figures->count == figures->capacity) {
        figures->capacity = figures->capacity ? figures->capacity * 2 : 1 << 16;
        figures->values = realloc(figures->values, figures->capacity * sizeof(double));
    }
    figures->values[figures->count++] = value;
}

static int order(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double percentile(struct figures *figures, double share) {
    if (figures->count == 0) return 0;
    qsort(figures->values, figures->count, sizeof(double), order);
    size_t index = (size_t)((double)figures->count * share);
    return figures->values[index < figures->count ? index : figures->count - 1];
}

static void connectTo(struct input *input) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    input->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(input->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(input->fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect: %s", strerror(errno));
    input->capacity = 1 << 14;
    input->bytes = malloc(input->capacity + 1);
}

static void put(int fd, const char *text, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t written = write(fd, text + done, length - done);
        if (written < 0) fail("write: %s", strerror(errno));
        done += (size_t)written;
    }
}

/// All there is, without waiting.
static void take(struct input *input) {
    for (;;) {
        if (input->length == input->capacity) input->bytes = realloc(input->bytes, (input->capacity *= 2) + 1);
        size_t room = input->capacity - input->length;
        ssize_t got = recv(input->fd, input->bytes + input->length, room, MSG_DONTWAIT);
        if (got == 0) fail("the server closed a connection: %.*s", (int)input->length, input->bytes);
        if (got < 0 && errno != EAGAIN) fail("read: %s", strerror(errno));
        if (got > 0) input->length += (size_t)got;
        if (got < (ssize_t)room) break;
    }
    input->bytes[input->length] = 0;
}

static void drop(struct input *input, size_t length) {
    memmove(input->bytes, input->bytes + length, input->length - length + 1);
    input->length -= length;
}

static void send_next(int index) {
    struct peer *peer = &peers[index];
    char body[256], text[1024];
    int length = snprintf(
        body, sizeof body, "{\"to\":\"%s\",\"body\":\"%d/%d.\",\"client_id\":\"%d-%d\"}", peers[(index + 1) % count].id,
        index, peer->sent, getpid(), peer->sent);
    int whole = snprintf(
        text, sizeof text,
        "POST %s/messages HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: ClaudeMesh-Session %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
        path, port, peer->token, length, body);
    peer->began[peer->sent++] = now();
    put(peer->answers.fd, text, (size_t)whole);
}

/// One answer, where it is there whole; the next message follows it.
static void answer(int index, double end) {
    struct peer *peer = &peers[index];
    struct input *input = &peer->answers;
    char *body = strstr(input->bytes, "\r\n\r\n");
    if (!body) return;
    char *field = strcasestr(input->bytes, "content-length:");
    if (!field || field > body) fail("an answer without a length: %s", input->bytes);
    size_t whole = (size_t)(body + 4 - input->bytes) + (size_t)atol(field + 15);
    if (input->length < whole) return;
    if (strncmp(input->bytes + 9, "201", 3) != 0) fail("not taken: %s", input->bytes);
    add(&answers, now() - peer->began[peer->sent - 1]);
    acknowledged++;
    drop(input, whole);
    if (each ? peer->sent < each : now() < end && peer->sent < MOST_OF_ONE) send_next(index);
}

/// Every line that is whole: a message is known by its body, `SENDER/NUMBER.`.
static void listen_to(struct peer *peer) {
    struct input *input = &peer->events;
    size_t begin = 0;
    for (char *newline; (newline = memchr(input->bytes + begin, '\n', input->length - begin));) {
        char *line = input->bytes + begin;
        *newline = 0;
        begin = (size_t)(newline - input->bytes) + 1;
        if (strncmp(line, "data: ", 6) != 0 || !strstr(line, "\"type\":\"message\"")) continue;
        char *body = strstr(line, "\"body\":\"");
        int sender, number;
        if (!body || sscanf(body + 8, "%d/%d.", &sender, &number) != 2) fail("not ours: %s", line);
        add(&arrivals, now() - peers[sender].began[number]);
        if (peers[sender].came[number]++) doubled++;
    }
    drop(input, begin);
}

static void watch(int epoll, struct input *input, int index, int isStream) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)(index * 2 + isStream)};
    epoll_ctl(epoll, EPOLL_CTL_ADD, input->fd, &event);
}

int main(int argc, char **argv) {
    if (argc != 7) fail("usage: load PORT PATH WRITERS EACH SECONDS STREAMS < PEERS");
    port = atoi(argv[1]);
    path = argv[2];
    writers = atoi(argv[3]);
    each = atoi(argv[4]);
    limit = atof(argv[5]);
    hasStreams = atoi(argv[6]);
    while (count < MOST_PEERS && scanf("%79s %79s", peers[count].id, peers[count].token) == 2) count++;
    if (count < 2 || writers > count) fail("%d peers are too few", count);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int index = 0; index < count; index++) {
        struct peer *peer = &peers[index];
        peer->began = calloc(each ? (size_t)each : MOST_OF_ONE, sizeof(double));
        peer->came = calloc(each ? (size_t)each : MOST_OF_ONE, 1);
        connectTo(&peer->answers);
        watch(epoll, &peer->answers, index, 0);
        if (!hasStreams) continue;
        connectTo(&peer->events);
        watch(epoll, &peer->events, index, 1);
        char text[1024];
        int length = snprintf(
            text, sizeof text,
            "GET %s/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n"
            "Authorization: ClaudeMesh-Session %s\r\n\r\n",
            path, port, peer->token);
        put(peer->events.fd, text, (size_t)length);
    }
    sleep(1);
    double begin = now(), end = begin + limit;
    for (int index = 0; index < writers; index++) send_next(index);
    for (;;) {
        long sent = 0;
        for (int index = 0; index < count; index++) sent += peers[index].sent;
        int isSent = each ? sent == (long)writers * each && acknowledged == sent : now() >= end && acknowledged == sent;
        if (isSent && (!hasStreams || (long)arrivals.count >= sent)) break;
        if (now() > end + 10) break;
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 100);
        for (int number = 0; number < ready; number++) {
            int index = (int)events[number].data.u32 / 2, isStream = events[number].data.u32 % 2;
            take(isStream ? &peers[index].events : &peers[index].answers);
            if (isStream) listen_to(&peers[index]);
            else answer(index, end);
        }
    }
    double seconds = now() - begin;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double own = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("seconds %f\nown %f\nanswered %ld\narrived %zu\ndoubled %ld\n", seconds, own, acknowledged, arrivals.count, doubled);
    printf("answer_p50 %f\nanswer_p99 %f\n", percentile(&answers, 0.5), percentile(&answers, 0.99));
    printf("arrival_p50 %f\narrival_p99 %f\n", percentile(&arrivals, 0.5), percentile(&arrivals, 0.99));
}
