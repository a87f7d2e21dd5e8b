import { Controller, Get, Module, Param } from '@nestjs/common';
import { greet } from '@gallery/greeting';

@Controller()
class AppController {
  @Get()
  home(): string {
    return greet('nest');
  }

  @Get('deep/:word')
  deep(@Param('word') word: string): string {
    return greet(`deep ${word}`);
  }
}

@Module({ controllers: [AppController] })
export class AppModule {}
