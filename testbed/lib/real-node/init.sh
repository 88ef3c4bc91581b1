#!/bin/sh
# First process of a node, in namespaces of its own: when it ends, the kernel ends every other process of the node and
# takes the mounts and the network with it. Arguments: the node's directory, its address with prefix, the address of its
# router, containerd, and the kubelet with its arguments.
set -eu
directory=$1 address=$2 router=$3 containerd=$4
shift 4

mount -t tmpfs tmpfs /run
mount --bind "$directory/lib" /var/lib
mount --bind "$directory/log" /var/log
mount --make-rshared /

# The kubelet would set these for the whole machine. It finds them as it wants them.
want() {
  file=/run/$(echo "$1" | tr / -)
  echo "$2" > "$file"
  mount --bind "$file" "/proc/sys/$1"
}
want vm/overcommit_memory 1
want vm/panic_on_oom 0
want kernel/panic 10
want kernel/panic_on_oops 1
want kernel/keys/root_maxkeys 1000000
want kernel/keys/root_maxbytes 25000000

until ip link show eth0 > /dev/null 2>&1; do sleep 0.1; done
ip link set lo up
ip address add "$address" dev eth0
ip link set eth0 up
ip route add default via "$router"
echo 1 > /proc/sys/net/ipv4/ip_forward

"$containerd" --config "$directory/containerd.toml" &
until [ -S /run/containerd/containerd.sock ]; do sleep 0.1; done
"$@" &
wait $!
