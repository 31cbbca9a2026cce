import { Server, ServerCredentials } from "@grpc/grpc-js";

/** A state with large documents in it exceeds gRPC's default of 4 MiB; Pulumi allows 400. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

/** @returns the address at which the server listens: a free port of this machine only. */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) {
        reject(error);
      } else {
        resolve(`127.0.0.1:${port}`);
      }
    });
  });
}

export function newServer(): Server {
  return new Server(CHANNEL_OPTIONS);
}
