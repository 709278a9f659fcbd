/*
 * The Modbus TCP server of the benchmark. It does so little for a request that it is never what is measured: all requests
 * that have come are answered in one piece, each register with its own address. Only reads of holding registers are asked
 * of it (Modbus Application Protocol V1.1b3, 6.3), so it looks at nothing else. It prints its port, and ends when its
 * standard input does.
 *
 *     transaction (2) | 0 (2) | 6 (2) | unit (1) | 3 (1) | first (2) | count (2)
 *     transaction (2) | 0 (2) | length (2) | unit (1) | 3 (1) | bytes (1) | registers
 */

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { REGISTERS = 65536, REQUEST_BYTES = 12, HEADER_BYTES = 9, EVENTS = 64, BACKLOG = 128, MAX_REQUESTS = 64 };

/* About a millisecond is spent looking before it sleeps: to wake a sleeping core of a virtual machine costs a client more
 * than all else that it does for a request, and would be most of what is measured. */
enum { LOOKS = 2000 };

static uint8_t table[REGISTERS * 2 + 256];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static size_t answer_one(const uint8_t *request, uint8_t *answer) {
  int first = request[8] << 8 | request[9];
  uint8_t bytes = request[11] * 2;
  memcpy(answer, request, 8);
  answer[4] = (bytes + 3) >> 8;
  answer[5] = bytes + 3;
  answer[8] = bytes;
  memcpy(answer + HEADER_BYTES, table + first * 2, bytes);
  return HEADER_BYTES + bytes;
}

/* A client that sends a part of a request only is not foreseen, and is shown the door. */
static void answer_all(int connection) {
  static uint8_t requests[MAX_REQUESTS * REQUEST_BYTES], answers[MAX_REQUESTS * 260];
  ssize_t received = read(connection, requests, sizeof requests);
  size_t size = 0;
  for (ssize_t at = 0; at < received; at += REQUEST_BYTES) size += answer_one(requests + at, answers + size);
  if (received <= 0 || received % REQUEST_BYTES != 0 || write(connection, answers, size) < 0) close(connection);
}

static int listen_on_loopback(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0) fail("bind");
  if (listen(listener, BACKLOG) < 0 || getsockname(listener, (struct sockaddr *)&address, &size) < 0) fail("listen");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

static void watch(int poll, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
}

static void take_call(int poll, int listener) {
  int connection = accept(listener, NULL, NULL);
  int yes = 1;
  if (connection < 0) fail("accept");
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  watch(poll, connection);
}

int main(void) {
  for (int address = 0; address < REGISTERS; address++) {
    table[address * 2] = address >> 8;
    table[address * 2 + 1] = address;
  }
  int poll = epoll_create1(0);
  int listener = listen_on_loopback();
  watch(poll, STDIN_FILENO);
  watch(poll, listener);
  for (int looks = 0;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poll, events, EVENTS, looks < LOOKS ? 0 : -1);
    looks = count > 0 ? 0 : looks + 1;
    for (int index = 0; index < count; index++) {
      int descriptor = events[index].data.fd;
      if (descriptor == STDIN_FILENO) return 0;
      if (descriptor == listener) take_call(poll, listener);
      else answer_all(descriptor);
    }
  }
}
