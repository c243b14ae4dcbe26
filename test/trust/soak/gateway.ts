import { startGateway } from '../../gateway';

/** A gateway in a process of its own: tells its address, and forgets what it has seen now and then. */
void startGateway({ tls: false }).then((gateway) => {
	gateway.control({ defaultFlags: ['face'] });
	setInterval(() => {
		gateway.requests.length = 0;
	}, 1000).unref();
	process.send?.(gateway.url);
});
process.once('disconnect', () => process.exit());
