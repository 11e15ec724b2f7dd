/** A made-up but lifelike edge box for pictures of the flame graph: deep stacks, long names, a long tail. Seeded. */
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { type SampledStack, signalsFromStacks } from '../../fixtures/signals.ts';

/** What a function calls, and how often rather than itself. Frames in the notation of test/fixtures. */
const CALLS: Readonly<Record<string, readonly (readonly [callee: string, weight: number])[]>> = {
  '_start@libc.so.6': [['__libc_start_main@libc.so.6', 1]],
  '__libc_start_main@libc.so.6': [['main', 1]],
  main: [
    ['ngx_worker_process_cycle', 8],
    ['ngx_time_update', 1],
  ],
  ngx_worker_process_cycle: [['ngx_process_events_and_timers', 1]],
  ngx_process_events_and_timers: [
    ['ngx_epoll_process_events', 12],
    ['ngx_event_expire_timers', 1],
  ],
  ngx_epoll_process_events: [
    ['ngx_http_wait_request_handler', 8],
    ['epoll_wait@libc.so.6', 4],
    ['ngx_ssl_handshake_handler', 3],
  ],
  ngx_http_wait_request_handler: [
    ['ngx_http_process_request_line', 8],
    ['recv@libc.so.6', 3],
  ],
  ngx_http_process_request_line: [
    ['ngx_http_core_run_phases', 7],
    ['ngx_http_parse_request_line', 2],
    ['ngx_http_process_request_headers', 3],
  ],
  ngx_http_core_run_phases: [
    ['ngx_http_static_handler', 6],
    ['ngx_http_proxy_handler', 3],
    ['ngx_http_rewrite_handler', 2],
  ],
  ngx_http_static_handler: [
    ['ngx_http_output_filter', 7],
    ['ngx_open_cached_file', 2],
  ],
  ngx_http_output_filter: [
    ['ngx_http_gzip_body_filter', 5],
    ['ngx_http_write_filter', 4],
  ],
  ngx_http_gzip_body_filter: [['deflate@libz.so.1', 1]],
  'deflate@libz.so.1': [
    ['deflate_fast@libz.so.1', 2],
    ['longest_match@libz.so.1', 7],
    ['_tr_flush_block@libz.so.1', 3],
  ],
  '_tr_flush_block@libz.so.1': [
    ['compress_block@libz.so.1', 2],
    ['build_tree@libz.so.1', 1],
  ],
  ngx_http_write_filter: [['writev@libc.so.6', 1]],
  'writev@libc.so.6': [['entry_SYSCALL_64_after_hwframe_[k]', 1]],
  'recv@libc.so.6': [['entry_SYSCALL_64_after_hwframe_[k]', 1]],
  'epoll_wait@libc.so.6': [['entry_SYSCALL_64_after_hwframe_[k]', 1]],
  'read@libc.so.6': [['entry_SYSCALL_64_after_hwframe_[k]', 1]],
  'entry_SYSCALL_64_after_hwframe_[k]': [['do_syscall_64_[k]', 1]],
  'do_syscall_64_[k]': [
    ['do_writev_[k]', 4],
    ['__sys_recvfrom_[k]', 3],
    ['do_epoll_wait_[k]', 3],
    ['ksys_read_[k]', 2],
    ['syscall_exit_to_user_mode_[k]', 1],
  ],
  'do_writev_[k]': [['vfs_writev_[k]', 1]],
  'vfs_writev_[k]': [
    ['sock_write_iter_[k]', 5],
    ['ext4_file_write_iter_[k]', 2],
  ],
  'sock_write_iter_[k]': [['tcp_sendmsg_[k]', 1]],
  'tcp_sendmsg_[k]': [
    ['tcp_sendmsg_locked_[k]', 9],
    ['lock_sock_nested_[k]', 1],
  ],
  'tcp_sendmsg_locked_[k]': [
    ['tcp_push_[k]', 6],
    ['skb_copy_to_page_nocache_[k]', 2],
    ['sk_stream_alloc_skb_[k]', 1],
  ],
  'tcp_push_[k]': [['__tcp_push_pending_frames_[k]', 1]],
  '__tcp_push_pending_frames_[k]': [['tcp_write_xmit_[k]', 1]],
  'tcp_write_xmit_[k]': [['__tcp_transmit_skb_[k]', 1]],
  '__tcp_transmit_skb_[k]': [['__ip_queue_xmit_[k]', 1]],
  '__ip_queue_xmit_[k]': [['ip_output_[k]', 1]],
  'ip_output_[k]': [
    ['__dev_queue_xmit_[k]', 2],
    ['nf_hook_slow_[k]', 1],
  ],
  '__dev_queue_xmit_[k]': [['dev_hard_start_xmit_[k]', 1]],
  '__sys_recvfrom_[k]': [['tcp_recvmsg_[k]', 1]],
  'tcp_recvmsg_[k]': [
    ['skb_copy_datagram_iter_[k]', 3],
    ['tcp_cleanup_rbuf_[k]', 1],
  ],
  'do_epoll_wait_[k]': [
    ['ep_send_events_[k]', 2],
    ['schedule_hrtimeout_range_[k]', 3],
  ],
  'schedule_hrtimeout_range_[k]': [['schedule_[k]', 1]],
  'schedule_[k]': [['__schedule_[k]', 1]],
  '__schedule_[k]': [
    ['finish_task_switch_[k]', 3],
    ['pick_next_task_fair_[k]', 2],
  ],
  'ksys_read_[k]': [['vfs_read_[k]', 1]],
  'vfs_read_[k]': [
    ['ext4_file_read_iter_[k]', 3],
    ['tty_read_[k]', 1],
  ],
  'ext4_file_read_iter_[k]': [['filemap_read_[k]', 1]],
  'filemap_read_[k]': [
    ['copy_page_to_iter_[k]', 4],
    ['filemap_get_pages_[k]', 2],
  ],
  ngx_ssl_handshake_handler: [['SSL_do_handshake@libssl.so.3', 1]],
  'SSL_do_handshake@libssl.so.3': [['state_machine@libssl.so.3', 1]],
  'state_machine@libssl.so.3': [
    ['tls_process_client_key_exchange@libssl.so.3', 3],
    ['tls_construct_server_hello@libssl.so.3', 1],
  ],
  'tls_process_client_key_exchange@libssl.so.3': [['EVP_PKEY_derive@libcrypto.so.3', 1]],
  'EVP_PKEY_derive@libcrypto.so.3': [['ossl_ecdh_compute_key@libcrypto.so.3', 1]],
  'ossl_ecdh_compute_key@libcrypto.so.3': [
    ['ecp_nistz256_point_mul@libcrypto.so.3', 5],
    ['0x1f3a40@libcrypto.so.3', 1],
  ],
  'node::Start(int, char**)': [
    ['v8::internal::Execution::Call(v8::internal::Isolate*, v8::internal::Handle<v8::internal::Object>)', 6],
    ['uv_run', 3],
  ],
  uv_run: [
    ['uv__io_poll', 3],
    ['uv__run_timers', 1],
  ],
  uv__io_poll: [
    ['epoll_wait@libc.so.6', 2],
    ['node::LibuvStreamWrap::OnUvRead(long, uv_buf_t const*)', 3],
  ],
  'node::LibuvStreamWrap::OnUvRead(long, uv_buf_t const*)': [
    ['LazyCompile:*onStreamRead node:internal/stream_base_commons:166:22_[j]', 1],
  ],
  'LazyCompile:*onStreamRead node:internal/stream_base_commons:166:22_[j]': [
    ['LazyCompile:*parse /srv/gateway/src/modbus/frame-parser.js:41:9_[j]', 4],
    ['LazyCompile:~readableAddChunk node:internal/streams/readable:268:26_[j]', 1],
  ],
  'LazyCompile:*parse /srv/gateway/src/modbus/frame-parser.js:41:9_[j]': [
    ['LazyCompile:*crc16 /srv/gateway/src/modbus/crc.js:8:15_[j]', 5],
    ['Builtin:ArrayPrototypeSlice_[j]', 1],
    ['LazyCompile:*decodeRegisters /srv/gateway/src/modbus/registers.js:77:24_[j]', 3],
  ],
  'v8::internal::Execution::Call(v8::internal::Isolate*, v8::internal::Handle<v8::internal::Object>)': [
    ['Builtin:JSEntry_[j]', 1],
  ],
  'Builtin:JSEntry_[j]': [
    ['LazyCompile:*tick /srv/gateway/src/scheduler.js:12:7_[j]', 5],
    ['v8::internal::Heap::CollectGarbage(v8::internal::AllocationSpace, v8::internal::GarbageCollectionReason)', 2],
  ],
  'LazyCompile:*tick /srv/gateway/src/scheduler.js:12:7_[j]': [
    ['LazyCompile:*publish /srv/gateway/src/mqtt/publisher.js:30:12_[j]', 2],
    ['LazyCompile:*walk /srv/gateway/src/tree.js:5:3_[j]', 2],
  ],
  'LazyCompile:*walk /srv/gateway/src/tree.js:5:3_[j]': [
    ['LazyCompile:*walk /srv/gateway/src/tree.js:5:3_[j]', 6],
    ['Builtin:MapPrototypeGet_[j]', 1],
  ],
  'v8::internal::Heap::CollectGarbage(v8::internal::AllocationSpace, v8::internal::GarbageCollectionReason)': [
    ['v8::internal::MarkCompactCollector::CollectGarbage()', 2],
    ['v8::internal::ScavengerCollector::CollectGarbage()', 3],
  ],
  'v8::internal::ScavengerCollector::CollectGarbage()': [
    [
      'std::__1::vector<std::__1::pair<unsigned long, v8::internal::ParallelWorkItem>, std::__1::allocator<std::__1::pair<unsigned long, v8::internal::ParallelWorkItem> > >::push_back(std::__1::pair<unsigned long, v8::internal::ParallelWorkItem>&&)',
      1,
    ],
  ],
  Py_BytesMain: [['_PyEval_EvalFrameDefault', 1]],
  _PyEval_EvalFrameDefault: [
    ['py::run:/opt/bridge/bridge.py_[i]', 5],
    ['_PyObject_GC_New', 1],
  ],
  'py::run:/opt/bridge/bridge.py_[i]': [
    ['py::decode:/opt/bridge/codec.py_[i]', 4],
    ['py::publish:/opt/bridge/mqtt.py_[i]', 3],
  ],
  'py::decode:/opt/bridge/codec.py_[i]': [
    ['py::unpack:/opt/bridge/codec.py_[i]', 3],
    ['0x8a10@_struct.cpython-311.so', 2],
  ],
  'py::publish:/opt/bridge/mqtt.py_[i]': [
    ['py::dumps:/usr/lib/python3.11/json/__init__.py_[i]', 2],
    ['writev@libc.so.6', 1],
  ],
  'ret_from_fork_[k]': [['kthread_[k]', 1]],
  'kthread_[k]': [
    ['worker_thread_[k]', 3],
    ['rcu_gp_kthread_[k]', 1],
  ],
  'worker_thread_[k]': [['process_one_work_[k]', 1]],
  'process_one_work_[k]': [
    ['wb_workfn_[k]', 2],
    ['mmc_blk_mq_recovery_[k]', 1],
    ['vmstat_update_[k]', 1],
  ],
};

const PROCESSES = [
  { process: 'nginx', threads: ['nginx'], top: '_start@libc.so.6', weight: 40 },
  { process: 'node', threads: ['node', 'libuv-worker'], top: 'node::Start(int, char**)', weight: 28 },
  { process: 'python3', threads: ['python3', 'serial-reader'], top: 'Py_BytesMain', weight: 18 },
  { process: '[kworker/u8:2]', threads: ['[kworker/u8:2]'], top: 'ret_from_fork_[k]', weight: 6 },
  { process: 'containerd', threads: ['containerd'], top: 'runtime.goexit', weight: 3 },
  { process: 'systemd-journal', threads: ['systemd-journal'], top: '_start@libc.so.6', weight: 2 },
];

/** How often a function is found at work itself instead of in what it calls. */
const OWN_SHARE = 0.06;
/** Functions nobody drew above: the long tail every real profile has. */
const TAIL_SHARE = 0.05;
const MAX_DEPTH = 60;

export function worldSignals(seconds: number, { perSecond = 380, seed = 5, cpus = 4 } = {}): Signal[] {
  const random = seededRandom(seed);
  const samples: SampledStack[] = [];
  for (let second = 0; second < seconds; second++) {
    const load = 0.55 + 0.35 * Math.sin(second / 7);
    for (let i = 0; i < perSecond * load; i++) samples.push({ ...oneSample(random), second, cpu: i % cpus });
  }
  return signalsFromStacks(samples, { seconds, cpus, idle: Math.round(perSecond / 4) });
}

function oneSample(random: () => number): SampledStack {
  const { process, threads, top } = pick(
    PROCESSES.map((each) => [each, each.weight] as const),
    random,
  );
  const frames: string[] = [];
  let at = top;
  while (frames.length < MAX_DEPTH) {
    frames.push(at);
    if (random() < TAIL_SHARE) {
      frames.push(`${at.replace(/[@_].*/, '')}_helper_${Math.floor(random() ** 2 * 90)}@libtail.so`);
      break;
    }
    const calls = CALLS[at];
    if (!calls || random() < OWN_SHARE) break;
    at = pick(calls, random);
  }
  return { process, thread: threads[Math.floor(random() * threads.length)] ?? process, frames };
}

function pick<T>(choices: readonly (readonly [T, number])[], random: () => number): T {
  let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left <= 0) return choice;
  }
  return choices[0]![0];
}
